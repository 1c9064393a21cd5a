export type {
  Baseline,
  InspectProgress,
  InspectRequest,
  Inspector,
  InspectorParts,
  ReportCache,
  StaticModel,
  StaticReading,
} from './request.ts';

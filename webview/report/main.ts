import { connect } from '../shared/host.ts';
import { exportedState } from './exported.ts';
import { reportView } from './reportView.ts';

const root = document.getElementById('root');
if (root !== null) reportView(root, connect(), exportedState());

import { connect } from '../shared/host.ts';
import { exportedData } from './exported.ts';
import { reportView } from './reportView.ts';

const root = document.getElementById('root');
if (root !== null) {
  const host = connect();
  const { uri } = root.dataset;
  if (uri !== undefined) host.saveState({ uri: decodeURIComponent(uri) });
  reportView(root, host, exportedData());
}

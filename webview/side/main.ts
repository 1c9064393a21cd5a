import { connect } from '../shared/host.ts';
import { sideView } from './sideView.ts';

const root = document.getElementById('root');
if (root !== null) sideView(root, connect());

import { loadBeside } from '../node/loadCompiled.ts';

process.on('exit', loadBeside('server.main.cjs'));

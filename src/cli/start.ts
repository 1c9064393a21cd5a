import { loadBeside } from '../node/loadCompiled.ts';

process.on('exit', loadBeside('cli.main.cjs'));

// Answers for tests/differential.rs: one line {"pattern", "files"} in, one line out: an array of true and false,
// "error" where picomatch throws, or null where it does not come to an end.
'use strict';
const readline = require('node:readline');
const vm = require('node:vm');
const picomatch = require(process.argv[2]);

let job = null;
globalThis.work = () => {
  let matches;
  try {
    matches = picomatch(job.pattern, { dot: true });
  } catch (cause) {
    return 'error';
  }
  return job.files.map((file) => matches(file));
};
// Only code that a vm starts can be interrupted, an expression that backtracks included.
const script = new vm.Script('work()');

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  job = JSON.parse(line);
  let answers = null;
  try {
    answers = script.runInThisContext({ timeout: 150 });
  } catch (cause) {
    if (cause.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
  }
  process.stdout.write(JSON.stringify(answers) + '\n');
});

/** Lets a child process run our TypeScript as it stands: `node -r ./tests/faults/ts-hook.cjs file.ts`. */
const { transformFileSync } = require('@swc/core');
const options = require('../../scripts/swc.cjs');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformFileSync(file, { ...options, sourceMaps: 'inline', swcrc: false });
  module._compile(code, file);
};

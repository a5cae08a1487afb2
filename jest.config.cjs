/** Tests run on TypeScript directly; every worker gets its own process, no fake timers anywhere. */
module.exports = {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  transform: { '^.+\\.[jt]s$': ['@swc/jest', require('./scripts/swc.cjs')] },
  // cel-js ships as ES modules only, which jest cannot require below Node 24.9.
  transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/)'],
  globalSetup: '<rootDir>/tests/global-setup.cjs',
  globalTeardown: '<rootDir>/tests/global-teardown.cjs',
  resetMocks: true,
  restoreMocks: true,
  testTimeout: 30_000,
  testSequencer: '<rootDir>/tests/longest-first.cjs',
  maxWorkers: 2,
};

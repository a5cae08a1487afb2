/** Suites that start real servers run the same build a user gets, made once before the first of them. */
module.exports = async () => {
  const { build } = await import('../scripts/build.mjs');
  await build();
};

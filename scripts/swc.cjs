/** One compiler setting for the build and for jest. */
module.exports = {
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  module: {
    type: 'commonjs',
    ignoreDynamic: true,
    // Required when first used: half of a start was reading engines that were not chosen, and papers nobody asked for yet.
    lazy: [
      '@cantoo/pdf-lib',
      '@node-rs/argon2',
      'bullmq',
      'easy-template-x',
      'fontkit',
      'heic-decode',
      'ioredis',
      'jszip',
      'libphonenumber-js/max',
      'mongoose',
      'pdfkit',
      'qrcode',
      'rate-limiter-flexible',
      'sharp',
      'telegraf',
    ],
  },
  sourceMaps: true,
};

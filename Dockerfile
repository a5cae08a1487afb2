# Một Cửa as a container: built with everything, run with what the server needs and nothing else.
# The same steps are walked by tests/deploy/image-steps.test.ts on a machine without Docker.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY scripts ./scripts
COPY src ./src
COPY tests/servers ./tests/servers
# A translator's types name the compiler as a companion they can do without, so npm keeps it: 23 MB that nothing here runs.
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -r node_modules/typescript

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data PORT=3000
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY flows ./flows
COPY locales ./locales
COPY assets ./assets
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
# Alive is enough here: /readyz, which also asks the store, is for whoever sends visitors.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: it would stand between the server and its SIGTERM.
CMD ["node", "dist/src/main.js"]

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY src src
COPY connectors connectors
COPY console console
RUN node console/build.ts

FROM node:24-slim

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What npm calls when it is done; without vite, which is not in the image, it leaves the building to the stage above.
COPY console/build.ts console/
# The image has its own Node: the one that npm brings for other machines is not needed twice.
RUN npm ci --omit=dev \
    && rm -rf node_modules/node-linux-* node_modules/.bin/node /root/.npm
COPY bin bin
COPY src src
COPY connectors connectors
COPY console console
COPY --from=build /app/console/dist console/dist
COPY config config

# The built-in PostgreSQL refuses to run as root; as this user it needs no system user of its own.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data

ENV NODE_ENV=production BATON_HOST=0.0.0.0 BATON_DATA_DIR=/data
EXPOSE 8350
HEALTHCHECK --start-period=30s --interval=10s --timeout=3s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.BATON_PORT || 8350}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "bin/baton.js"]
CMD ["start"]

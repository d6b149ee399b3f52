# syntax=docker/dockerfile:1
# The backend: docker build -t wellhead-backend . && docker run -p 8000:8000 -e DATABASE_URL=… wellhead-backend

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci

# What it runs with, and nothing that only building and testing need.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/wellhead/package.json packages/wellhead/
COPY backend/package.json backend/
COPY examples/express/package.json examples/express/
COPY examples/fastify/package.json examples/fastify/
COPY examples/next/package.json examples/next/
RUN npm ci --omit=dev --ignore-scripts --workspace=packages/wellhead --workspace=backend

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=8000
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /app/packages/wellhead/bin packages/wellhead/bin
COPY --from=build /app/packages/wellhead/dist packages/wellhead/dist
COPY wellhead.config.ts ./
COPY scripts/start.sh scripts/
COPY backend backend
USER node
EXPOSE 8000
# Whether the process lives. Whether it can serve is another question: /readyz, for a balancer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["bash", "scripts/start.sh"]

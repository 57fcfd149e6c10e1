# One image per function, holding its bundle and nothing else: run `npm run build` first, then
#   docker build --platform linux/arm64 --provenance=false --build-arg FUNCTION=ingress .
# (Lambda refuses image indexes, which a build with provenance makes.)
FROM public.ecr.aws/lambda/nodejs:24
ARG FUNCTION
COPY functions/${FUNCTION}/dist/handler.mjs ${LAMBDA_TASK_ROOT}/handler.mjs
CMD ["handler.handler"]

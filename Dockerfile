# One image per function: AWS's base and the function's bundle, nothing else. After `npm run build`:
#   docker build --platform linux/arm64 --provenance=false --sbom=false --build-arg FUNCTION=ingress .
# Lambda refuses an image index, which a build with provenance or SBOM makes.
#
# The only place that names the base. `npm run images:pin` writes its digest here; Dependabot moves it from then on, and
# would not see it if it stood in an ARG.
FROM public.ecr.aws/lambda/nodejs:24

# ingress, planning, dispatch, facts or admin
ARG FUNCTION
ARG SOURCE
ARG REVISION
ARG VERSION
LABEL org.opencontainers.image.title="dispatcher-${FUNCTION}" \
  org.opencontainers.image.source="${SOURCE}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.licenses="Apache-2.0"

# The mode is set: Lambda runs the function as a user of its own, who must be able to read what a strict umask wrote.
COPY --chmod=0444 functions/${FUNCTION}/dist/handler.mjs ${LAMBDA_TASK_ROOT}/handler.mjs

# Lambda brings its own user. This one is for everybody else who runs the image.
USER 65534:65534
CMD ["handler.handler"]

# One image per function, with AWS's base image and the function's bundle. After `npm run build`:
#   docker build --platform linux/arm64 --provenance=false --sbom=false --build-arg FUNCTION=ingress .
# Lambda rejects an image index, which a build with provenance or SBOM creates.
#
# Only this line names the base image. `npm run images:pin` writes its digest; Dependabot updates it afterwards, which it
# could not do in an ARG.
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

# Lambda runs the function as an unprivileged user, who must be able to read the bundle whatever the umask was.
COPY --chmod=0444 functions/${FUNCTION}/dist/handler.mjs ${LAMBDA_TASK_ROOT}/handler.mjs

# Lambda uses its own user. This one applies if the image runs elsewhere.
USER 65534:65534
CMD ["handler.handler"]

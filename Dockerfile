# One image per function, with AWS's base image, the function's bundle and, for admin, the dashboard. After `npm run build`:
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

# The build makes everything in it readable for Lambda's unprivileged user.
COPY functions/${FUNCTION}/dist/image/ ${LAMBDA_TASK_ROOT}/
# The compile cache belongs to one version of Node and one architecture, so the Node of the base image makes it.
RUN ["/var/lang/bin/node", "start.mjs"]

# Lambda uses its own user. This one applies if the image runs elsewhere.
USER 65534:65534
CMD ["start.handler"]

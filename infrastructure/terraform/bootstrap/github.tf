# Which workflows may assume which role. A role trusts one environment of one repository, by exact subjects: a pattern would
# also admit repositories and environments that somebody creates later.

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.oidc_provider_arn == null ? 1 : 0
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  provider_arn = var.oidc_provider_arn == null ? aws_iam_openid_connect_provider.github[0].arn : var.oidc_provider_arn

  owner = split("/", var.repository)[0]
  name  = split("/", var.repository)[1]

  # The subject of a repository that was created, renamed or transferred since July 2026 contains the IDs. They belong to
  # one repository for ever, whereas a name can be registered by somebody else after a rename.
  subject_prefixes = concat(
    ["repo:${var.repository}"],
    var.repository_ids == null ? [] : ["repo:${local.owner}@${var.repository_ids.owner}/${local.name}@${var.repository_ids.repository}"],
  )

  role_environments = concat(
    var.has_registry ? ["release"] : [],
    contains(var.environments, "dev") ? ["pull-request"] : [],
    flatten([for name in var.environments : ["${name}-plan", name]]),
  )

  trust = {
    for environment in local.role_environments : environment => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Federated = local.provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
            "token.actions.githubusercontent.com:sub" = [for prefix in local.subject_prefixes : "${prefix}:environment:${environment}"]
          }
        }
      }]
    })
  }
}

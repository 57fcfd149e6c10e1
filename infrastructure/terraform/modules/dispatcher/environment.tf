locals {
  # How the admin API is entered. What is null is left to the function's default.
  oidc = var.admin_oidc == null ? {} : {
    for name, value in {
      OIDC_ISSUER         = var.admin_oidc.issuer
      OIDC_AUDIENCE       = var.admin_oidc.audience
      OIDC_OPERATOR_VALUE = var.admin_oidc.operator_value
      OIDC_VIEWER_VALUE   = var.admin_oidc.viewer_value
      OIDC_ROLE_CLAIM     = var.admin_oidc.role_claim
      OIDC_NAME_CLAIM     = var.admin_oidc.name_claim
    } : name => value if value != null
  }

  # Told only where it is asked for: with a provider nobody has a password to give.
  basic = var.admin_oidc != null ? {} : {
    ADMIN_BASIC_USER         = var.admin_basic_user
    ADMIN_BASIC_PASSWORD_ARN = module.secrets.arns["admin-password"]
  }

  # What Terraform knows, by variable name.
  known = merge(local.oidc, local.basic, {
    BUS_NAME                           = module.bus.name
    UNDELIVERED_EVENTS_QUEUE_URL       = module.bus.undelivered.url
    GITHUB_APP_ID                      = var.github_app_id
    GITHUB_APP_SLUG                    = var.github_app_slug
    GITHUB_APP_PRIVATE_KEY_ARN         = module.secrets.arns["private-key"]
    GITHUB_WEBHOOK_SECRET_ARN          = module.secrets.arns["webhook-secret"]
    GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN = module.secrets.arns["webhook-secret-previous"]
    ADMIN_AUTHENTICATION               = var.admin_oidc == null ? "basic" : "oidc"
  })

  resources = merge(
    { for key, table in module.tables : "${upper(key)}_TABLE" => table.name },
    { for key, queue in module.queues : "${upper(key)}_QUEUE_URL" => queue.url },
    { for key, queue in module.queues : "${upper(key)}_DEAD_LETTER_QUEUE_URL" => queue.dead_letters.url },
  )

  values   = merge(local.resources, local.known)
  required = { for name, function in local.functions : name => function.environment.required }
  optional = { for name, function in local.functions : name => function.environment.optional }

  # A required variable that nobody provides is an error of the index, at plan.
  environments = {
    for name in keys(local.functions) : name => merge(
      { for variable in local.required[name] : variable => local.values[variable] },
      { for variable in local.optional[name] : variable => local.values[variable] if contains(keys(local.values), variable) },
      { for variable in local.optional[name] : variable => var.settings[variable] if contains(keys(var.settings), variable) },
    )
  }

  taken   = distinct(flatten([values(local.required), values(local.optional)]))
  unknown = setsubtract(keys(local.known), local.taken)

  # What the operator may set: optional, and not ours to say. Written out of the description alone, because a variable's
  # validation may depend on no resource.
  settable = setsubtract(distinct(flatten(values(local.optional))), [
    "ADMIN_BASIC_USER", "ADMIN_BASIC_PASSWORD_ARN", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_OPERATOR_VALUE",
    "OIDC_VIEWER_VALUE", "OIDC_ROLE_CLAIM", "OIDC_NAME_CLAIM",
  ])
}

locals {
  name = "dispatcher-prod"
  tags = { application = "dispatcher", environment = "prod" }
}

module "dispatcher" {
  source = "../../modules/dispatcher"

  name                 = local.name
  deletion_protection  = true
  log_retention_days   = coalesce(var.log_retention_days, 90)
  archive_days         = coalesce(var.archive_days, 30)
  images               = var.images
  github_app_id        = var.github_app_id
  github_app_slug      = var.github_app_slug
  admin_basic_user     = var.admin_basic_user
  admin_oidc           = var.admin_oidc
  settings             = var.settings
  memory               = var.memory
  reserved_concurrency = var.reserved_concurrency
  throttling           = var.throttling
  table_names          = var.table_names
  custom_domain        = var.custom_domain
  alarm_topic_arn      = var.alarm_topic_arn
  alarm_thresholds     = var.alarm_thresholds
}

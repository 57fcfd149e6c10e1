# All of Dispatcher in one environment. Queues, tables, indexes, rules, schedules, event sources and the names of the
# functions' environment variables come from description.json. `npm run terraform:describe` generates that file from
# packages/topology and the functions' configurations.

locals {
  name        = "dispatcher-${var.environment}"
  description = jsondecode(file("${path.module}/description.json"))
  functions   = local.description.functions

  # Two environments of one AWS account do not share metrics.
  metrics_namespace = "Dispatcher/${var.environment}"

  function_descriptions = {
    ingress  = "Verifies a webhook delivery and sends it to the queue of runs."
    planning = "Reads the dispatching files of source and targets, decides, stores the plan and publishes the decisions."
    dispatch = "Carries out allowed decisions and reports the others in issues."
    facts    = "Stores each fact once and updates the projections."
    admin    = "Serves the health check, the admin API and the dashboard."
  }

  # Requests per second and burst of each route. docs/adr/0071-throttling-per-route.md has the reasons.
  throttling = merge({
    webhooks             = { rate = 100, burst = 200 }
    third_party_webhooks = { rate = 20, burst = 40 }
    dispatch             = { rate = 20, burst = 40 }
    api                  = { rate = 50, burst = 100 }
    health               = { rate = 10, burst = 20 }
    dashboard            = { rate = 50, burst = 200 }
    auth                 = { rate = 10, burst = 20 }
  }, var.settings.throttling)
}

data "aws_region" "current" {}

module "queues" {
  source   = "../queue"
  for_each = local.description.queues

  name                  = "${local.name}-${each.key}"
  dead_letter_queue     = "${local.name}-${each.value.deadLetterQueue}"
  visibility_timeout    = each.value.visibilityTimeout
  reader_timeout        = local.functions[local.description.eventSources[each.key].function].timeout
  retention             = each.value.retention
  dead_letter_retention = each.value.deadLetterRetention
  max_receive_count     = each.value.maxReceiveCount
}

module "tables" {
  source   = "../table"
  for_each = local.description.tables

  name                   = lookup(var.settings.table_names, each.key, "${local.name}-${each.key}")
  billing                = each.value.billing
  hash                   = each.value.hash
  range                  = each.value.range
  indexes                = each.value.indexes
  time_to_live           = each.value.timeToLive
  point_in_time_recovery = each.value.pointInTimeRecovery
  deletion_protection    = var.deletion_protection
}

module "bus" {
  source = "../bus"

  name               = local.name
  archive_days       = var.settings.archive_days
  undelivered_events = local.description.undeliveredEvents

  rules = {
    for key, rule in local.description.rules : key => {
      pattern    = jsonencode(rule.pattern)
      queue_arn  = module.queues[rule.queue].arn
      queue_url  = module.queues[rule.queue].url
      input_path = rule.inputPath
    }
  }

  schedules = {
    for key, schedule in local.description.schedules : key => {
      seconds       = schedule.everySeconds
      input         = jsonencode(schedule.input)
      function_arn  = module.functions[schedule.function].alias.arn
      function_name = module.functions[schedule.function].name
      alias         = module.functions[schedule.function].alias.name
    }
  }
}

module "secrets" {
  source = "../secrets"

  prefix               = local.name
  recovery_window_days = var.settings.secret_recovery_days

  secrets = {
    webhook-secret          = "Webhook secret of the GitHub App."
    webhook-secret-previous = "Previous webhook secret: ingress accepts both during a rotation."
    private-key             = "Private key of the GitHub App in PEM format."
    admin-password          = "Password of the admin API under basic authentication."
    client-secret           = "Client secret of the GitHub App or of the OpenID client with which people sign in."
  }
}

module "functions" {
  source   = "../function"
  for_each = local.functions

  name                 = "${local.name}-${each.key}"
  description          = local.function_descriptions[each.key]
  image                = var.images[each.key]
  memory               = var.settings.memory[each.key]
  timeout              = each.value.timeout
  reserved_concurrency = lookup(var.settings.reserved_concurrency, each.key, -1)
  environment          = local.environments[each.key]
  grants               = local.grants[each.key]
  log_retention_days   = var.settings.log_retention_days
  permissions_boundary = var.settings.permissions_boundary_arn

  event_sources = {
    for queue, source in local.description.eventSources : queue => {
      queue_arn                  = module.queues[queue].arn
      batch_size                 = source.batchSize
      batching_window            = source.batchingWindow
      maximum_concurrency        = source.maximumConcurrency
      report_batch_item_failures = source.reportBatchItemFailures
    } if source.function == each.key
  }
}

# A mapping was numbered while a function read at most one queue. Without these blocks, Terraform would create the mapping
# of a queue while the old one still exists, which AWS refuses.
moved {
  from = module.functions["planning"].aws_lambda_event_source_mapping.this[0]
  to   = module.functions["planning"].aws_lambda_event_source_mapping.this["runs"]
}

moved {
  from = module.functions["dispatch"].aws_lambda_event_source_mapping.this[0]
  to   = module.functions["dispatch"].aws_lambda_event_source_mapping.this["decisions"]
}

moved {
  from = module.functions["facts"].aws_lambda_event_source_mapping.this[0]
  to   = module.functions["facts"].aws_lambda_event_source_mapping.this["facts"]
}

module "api" {
  source = "../api"

  name               = local.name
  log_retention_days = var.settings.log_retention_days
  custom_domain      = var.settings.custom_domain

  functions = {
    for name in ["ingress", "planning", "admin"] : name => {
      name       = module.functions[name].name
      alias      = module.functions[name].alias.name
      invoke_arn = module.functions[name].alias.invoke_arn
    }
  }

  routes = {
    "POST /webhooks/github"         = merge({ function = "ingress" }, local.throttling.webhooks)
    "POST /webhooks/{name}"         = merge({ function = "ingress" }, local.throttling.third_party_webhooks)
    "POST /webhooks/{name}/{token}" = merge({ function = "ingress" }, local.throttling.third_party_webhooks)
    "GET /health"                   = merge({ function = "admin" }, local.throttling.health)
    "ANY /dispatch"                 = merge({ function = "planning" }, local.throttling.dispatch)
    "ANY /api/{proxy+}"             = merge({ function = "admin" }, local.throttling.api)
    "GET /"                         = merge({ function = "admin" }, local.throttling.dashboard)
    "GET /{proxy+}"                 = merge({ function = "admin" }, local.throttling.dashboard)
    "ANY /auth/{proxy+}"            = merge({ function = "admin" }, local.throttling.auth)
  }
}

module "alarms" {
  source = "../alarms"

  name         = local.name
  namespace    = local.metrics_namespace
  topic_arn    = var.settings.alarm_topic_arn
  emails       = var.settings.alarm_emails
  runbooks_url = var.settings.runbooks_url
  thresholds   = var.settings.alarm_thresholds
  api_id       = module.api.id
  queues       = { for key, queue in module.queues : key => queue.name }
  functions    = { for key, function in module.functions : key => function.name }
  log_groups   = { for key, function in module.functions : key => function.log_group }

  dead_letter_queues = merge(
    { for key, queue in module.queues : key => queue.dead_letters.name },
    { undelivered-events = module.bus.undelivered_events.name },
  )

  schedules = {
    for key, schedule in local.description.schedules : key => {
      rule    = module.bus.schedule_names[key]
      seconds = schedule.everySeconds
    }
  }
}

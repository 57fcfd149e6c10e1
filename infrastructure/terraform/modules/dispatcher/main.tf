# The whole system. Queues, tables, indexes, rules, schedules, event sources and the names of the functions' environment
# variables come from description.json, which is generated (npm run terraform:describe) from the same description that
# the local system is created from.

locals {
  description = jsondecode(file("${path.module}/description.json"))
  functions   = local.description.functions

  sentences = {
    ingress  = "Verifies a delivery and stores it on a queue."
    planning = "Reads both sides' files, decides, stores the plan and publishes it."
    dispatch = "Carries out allowed decisions and tells people about the others."
    facts    = "Stores facts and counts them, once each."
    admin    = "Serves what is stored."
  }
}

module "queues" {
  source   = "../queue"
  for_each = local.description.queues

  name                  = "${var.name}-${each.key}"
  dead_letter_queue     = "${var.name}-${each.value.deadLetterQueue}"
  visibility_timeout    = each.value.visibilityTimeout
  reader_timeout        = one([for reader, source in local.description.eventSources : local.functions[reader].timeout if source.queue == each.key])
  retention             = each.value.retention
  dead_letter_retention = each.value.deadLetterRetention
  max_receive_count     = each.value.maxReceiveCount
}

module "tables" {
  source   = "../table"
  for_each = local.description.tables

  name                   = lookup(var.table_names, each.key, "${var.name}-${each.key}")
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

  name         = var.name
  archive_days = var.archive_days
  undelivered  = local.description.undelivered

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
      function_arn  = module.functions[schedule.function].arn
      function_name = module.functions[schedule.function].name
    }
  }
}

module "secrets" {
  source = "../secrets"

  prefix        = var.name
  recovery_days = 7

  entries = {
    webhook-secret          = "The webhook secret of the GitHub App."
    webhook-secret-previous = "The webhook secret before it: both are live while a rotation lasts."
    private-key             = "The private key of the GitHub App, as PEM."
    admin-password          = "The password of the admin API."
  }
}

module "functions" {
  source   = "../function"
  for_each = local.functions

  name                 = "${var.name}-${each.key}"
  description          = local.sentences[each.key]
  image                = var.images[each.key]
  memory               = var.memory[each.key]
  timeout              = each.value.timeout
  reserved_concurrency = lookup(var.reserved_concurrency, each.key, -1)
  environment          = local.environments[each.key]
  grants               = local.grants[each.key]
  log_retention_days   = var.log_retention_days

  event_source = (contains(keys(local.description.eventSources), each.key) ? {
    queue_arn                  = module.queues[local.description.eventSources[each.key].queue].arn
    batch_size                 = local.description.eventSources[each.key].batchSize
    batching_window            = local.description.eventSources[each.key].batchingWindow
    maximum_concurrency        = local.description.eventSources[each.key].maximumConcurrency
    report_batch_item_failures = local.description.eventSources[each.key].reportBatchItemFailures
  } : null)
}

module "api" {
  source = "../api"

  name               = var.name
  throttling         = var.throttling
  log_retention_days = var.log_retention_days
  custom_domain      = var.custom_domain

  functions = {
    for name in ["ingress", "planning", "admin"] : name => {
      name       = module.functions[name].name
      invoke_arn = module.functions[name].invoke_arn
    }
  }

  routes = {
    "POST /webhooks/github" = "ingress"
    "GET /health"           = "admin"
    "POST /dispatch"        = "planning"
    "ANY /api/{proxy+}"     = "admin"
  }
}

module "alarms" {
  source = "../alarms"

  name       = var.name
  topic_arn  = var.alarm_topic_arn
  thresholds = var.alarm_thresholds
  api_id     = module.api.id
  queues     = { for key, queue in module.queues : key => queue.name }
  functions  = { for key, function in module.functions : key => function.name }

  dead_letter_queues = merge(
    { for key, queue in module.queues : key => queue.dead_letters.name },
    { undelivered = module.bus.undelivered.name },
  )

  schedules = {
    for key, schedule in local.description.schedules : key => {
      rule    = module.bus.schedule_names[key]
      seconds = schedule.everySeconds
    }
  }
}

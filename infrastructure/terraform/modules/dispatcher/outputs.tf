output "api_url" {
  description = "Base URL of the health check and the admin API, as `dispatcher doctor --url` takes it."
  value       = module.api.url
}

output "webhook_url" {
  description = "Webhook URL of the GitHub App."
  value       = "${module.api.url}/webhooks/github"
}

output "region" {
  description = "AWS region of the environment."
  value       = data.aws_region.current.name
}

output "custom_domain_target" {
  description = "Target of the custom domain's DNS record (CNAME or alias); null without a custom domain."
  value       = module.api.custom_domain_target
}

output "secret_names" {
  description = "Names of the secrets. `npx --no-install dispatcher secrets` writes their values."
  value       = module.secrets.names
}

output "doctor_variables" {
  description = "Variables with which `dispatcher doctor` checks the environment, beside the secrets. None of them is secret."
  value = {
    for name in ["GITHUB_APP_ID", "GITHUB_APP_SLUG", "GITHUB_CLIENT_ID", "ADMIN_BASIC_USER"] :
    name => local.values[name] if contains(keys(local.values), name)
  }
}

output "images" {
  description = "Deployed images by function. A rollback deploys them again."
  value       = { for name, function in module.functions : name => function.image }
}

output "table_names" {
  description = "Physical names of the tables."
  value       = { for key, table in module.tables : key => table.name }
}

output "queue_urls" {
  description = "URLs of the queues, of their dead-letter queues and of the queue for undelivered events."
  value = merge(
    { for key, queue in module.queues : key => queue.url },
    { for key, queue in module.queues : "${key}-dead-letters" => queue.dead_letters.url },
    { undelivered-events = module.bus.undelivered_events.url },
  )
}

output "bus_name" {
  description = "Name of the event bus."
  value       = module.bus.name
}

output "alarm_topic_arn" {
  description = "ARN of the SNS topic that receives the alarms."
  value       = module.alarms.topic_arn
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.alarms.dashboard_name
}

output "environments" {
  description = "Environment variables of each function."
  value       = local.environments

  precondition {
    condition     = length(local.unread_variables) == 0
    error_message = "environment.tf sets variables that no function reads: ${join(", ", local.unread_variables)}. Remove them there, or run npm run terraform:describe."
  }
}

output "grants" {
  description = "Policy statements of each function's role, without the one for its log."
  value       = local.grants

  precondition {
    condition     = length(local.table_mismatches) == 0
    error_message = "grants.tf and the functions' configurations name different tables: ${join(", ", local.table_mismatches)}."
  }
}

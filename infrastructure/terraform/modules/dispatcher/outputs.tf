output "api_url" {
  description = "Base URL of the health check and the admin API."
  value       = module.api.url
}

output "webhook_url" {
  description = "The webhook URL to give to the GitHub App."
  value       = "${module.api.url}/webhooks/github"
}

output "custom_domain_target" {
  description = "What the custom domain's DNS record points to."
  value       = module.api.custom_domain_target
}

output "secret_names" {
  description = "Names of the secrets to fill."
  value       = module.secrets.names
}

output "images" {
  description = "The images that run, by function."
  value       = { for name, function in module.functions : name => function.image }
}

output "table_names" {
  description = "Physical names of the tables."
  value       = { for key, table in module.tables : key => table.name }
}

output "queue_urls" {
  description = "URLs of the queues, of their dead-letter queues, and of the queue of undelivered events."
  value = merge(
    { for key, queue in module.queues : key => queue.url },
    { for key, queue in module.queues : "${key}-dead-letters" => queue.dead_letters.url },
    { undelivered = module.bus.undelivered.url },
  )
}

output "bus_name" {
  description = "Name of the bus."
  value       = module.bus.name
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.alarms.dashboard_name
}

output "environments" {
  description = "Environment variables of each function."
  value       = local.environments

  precondition {
    condition     = length(local.unknown) == 0
    error_message = "environment.tf says variables that no function reads: ${join(", ", local.unknown)}. Remove them there, or run npm run terraform:describe."
  }
}

output "grants" {
  description = "What each function's role may do beside writing its log."
  value       = local.grants

  precondition {
    condition     = length(local.table_disagreements) == 0
    error_message = "grants.tf and the functions' configurations disagree on tables: ${join(", ", local.table_disagreements)}."
  }
}

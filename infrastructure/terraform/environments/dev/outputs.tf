output "webhook_url" {
  description = "The webhook URL to give to the GitHub App."
  value       = module.dispatcher.webhook_url
}

output "api_url" {
  description = "Base URL of the health check and the admin API; what `dispatcher doctor --url` takes."
  value       = module.dispatcher.api_url
}

output "custom_domain_target" {
  description = "What the custom domain's DNS record (CNAME or alias) points to; null without a custom domain."
  value       = module.dispatcher.custom_domain_target
}

output "secret_names" {
  description = "The secrets to fill with `npx --no-install dispatcher secrets`."
  value       = module.dispatcher.secret_names
}

output "images" {
  description = "The images that run, by function: what a roll-back deploys again."
  value       = module.dispatcher.images
}

output "table_names" {
  description = "Physical names of the tables."
  value       = module.dispatcher.table_names
}

output "queue_urls" {
  description = "URLs of the queues, of their dead-letter queues, and of the queue of undelivered events."
  value       = module.dispatcher.queue_urls
}

output "bus_name" {
  description = "Name of the bus."
  value       = module.dispatcher.bus_name
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = module.dispatcher.dashboard_name
}

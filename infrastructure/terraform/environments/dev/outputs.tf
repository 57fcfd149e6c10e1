# modules/dispatcher/outputs.tf describes these outputs.

output "webhook_url" { value = module.dispatcher.webhook_url }

output "api_url" { value = module.dispatcher.api_url }

output "region" { value = module.dispatcher.region }

output "custom_domain_target" { value = module.dispatcher.custom_domain_target }

output "secret_names" { value = module.dispatcher.secret_names }

output "doctor_variables" { value = module.dispatcher.doctor_variables }

output "images" { value = module.dispatcher.images }

output "table_names" { value = module.dispatcher.table_names }

output "queue_urls" { value = module.dispatcher.queue_urls }

output "bus_name" { value = module.dispatcher.bus_name }

output "alarm_topic_arn" { value = module.dispatcher.alarm_topic_arn }

output "dashboard_name" { value = module.dispatcher.dashboard_name }

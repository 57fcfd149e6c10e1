output "name" {
  description = "Name of the bus."
  value       = aws_cloudwatch_event_bus.this.name
}

output "arn" {
  description = "ARN of the bus."
  value       = aws_cloudwatch_event_bus.this.arn
}

output "undelivered" {
  description = "Name of the queue of events that no target took."
  value       = aws_sqs_queue.undelivered.name
}

output "rule_names" {
  description = "Names of the rules, by rule."
  value       = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.name }
}

output "schedule_names" {
  description = "Names of the scheduled rules, by schedule."
  value       = { for key, rule in aws_cloudwatch_event_rule.schedule : key => rule.name }
}

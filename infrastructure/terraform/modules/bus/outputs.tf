output "name" {
  description = "Name of the event bus."
  value       = aws_cloudwatch_event_bus.this.name
}

output "arn" {
  description = "ARN of the event bus."
  value       = aws_cloudwatch_event_bus.this.arn
}

output "undelivered_events" {
  description = "Name, ARN and URL of the queue for undelivered events."
  value = {
    name = aws_sqs_queue.undelivered_events.name
    arn  = aws_sqs_queue.undelivered_events.arn
    url  = aws_sqs_queue.undelivered_events.url
  }
}

output "rule_names" {
  description = "Physical names of the rules, by rule."
  value       = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.name }
}

output "schedule_names" {
  description = "Physical names of the scheduled rules, by schedule."
  value       = { for key, rule in aws_cloudwatch_event_rule.schedule : key => rule.name }
}

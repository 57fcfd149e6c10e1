output "name" {
  description = "Name of the bus."
  value       = aws_cloudwatch_event_bus.this.name
}

output "arn" {
  description = "ARN of the bus."
  value       = aws_cloudwatch_event_bus.this.arn
}

output "undelivered" {
  description = "Name, ARN and URL of the queue of events that no target took."
  value = {
    name = aws_sqs_queue.undelivered.name
    arn  = aws_sqs_queue.undelivered.arn
    url  = aws_sqs_queue.undelivered.url
  }
}

output "rule_names" {
  description = "Names of the rules, by rule."
  value       = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.name }
}

output "schedule_names" {
  description = "Names of the scheduled rules, by schedule."
  value       = { for key, rule in aws_cloudwatch_event_rule.schedule : key => rule.name }
}

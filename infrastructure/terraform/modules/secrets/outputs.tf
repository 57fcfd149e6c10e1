output "arns" {
  description = "ARNs of the entries, by name."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "names" {
  description = "Full names of the entries, by name."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.name }
}

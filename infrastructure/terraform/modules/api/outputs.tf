output "id" {
  description = "ID of the HTTP API."
  value       = aws_apigatewayv2_api.this.id
}

output "url" {
  description = "Base URL without a trailing slash."
  value       = var.custom_domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.custom_domain.name}"
}

output "custom_domain_target" {
  description = "Target of the custom domain's DNS record (CNAME or alias); null without a custom domain."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
}

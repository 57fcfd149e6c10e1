mock_provider "aws" {
  source = "./mocks"
}

variables {
  custom_domain      = null
  name               = "a"
  log_retention_days = 14
  functions = {
    ingress = { name = "f-ingress", alias = "live", invoke_arn = "arn:aws:apigateway:::lambda/ingress" }
    admin   = { name = "f-admin", alias = "live", invoke_arn = "arn:aws:apigateway:::lambda/admin" }
  }
  routes = {
    "POST /webhooks/github" = { function = "ingress", rate = 100, burst = 200 }
    "ANY /api/{proxy+}"     = { function = "admin", rate = 7, burst = 9 }
  }
}

run "routes_invoke_their_functions" {
  command = apply

  module {
    source = "../modules/api"
  }

  override_resource {
    target = aws_apigatewayv2_integration.this["ingress"]
    values = { id = "to-ingress" }
  }

  override_resource {
    target = aws_apigatewayv2_integration.this["admin"]
    values = { id = "to-admin" }
  }

  assert {
    condition     = aws_apigatewayv2_api.this.protocol_type == "HTTP" && aws_apigatewayv2_api.this.name == "a"
    error_message = "The API must be an HTTP API."
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : route.route_key => "${route.api_id} ${route.target}" } == {
      "POST /webhooks/github" = "api integrations/to-ingress"
      "ANY /api/{proxy+}"     = "api integrations/to-admin"
    }
    error_message = "Every route must invoke its function."
  }

  assert {
    condition = alltrue([
      for name, integration in aws_apigatewayv2_integration.this : integration.api_id == "api" &&
      integration.integration_type == "AWS_PROXY" && integration.payload_format_version == "2.0" &&
      integration.integration_uri == "arn:aws:apigateway:::lambda/${name}"
    ])
    error_message = "Functions must get events with payload format 2.0."
  }

  assert {
    condition = alltrue([
      for name, permission in aws_lambda_permission.this : permission.function_name == "f-${name}" && permission.qualifier == "live" &&
      permission.principal == "apigateway.amazonaws.com" && permission.action == "lambda:InvokeFunction" &&
      permission.statement_id == "http-api" && permission.source_arn == "arn:aws:execute-api:::api/*/*"
    ]) && length(aws_lambda_permission.this) == 2
    error_message = "Only this API may invoke the functions."
  }

  assert {
    condition = (aws_apigatewayv2_stage.this.api_id == "api" && aws_apigatewayv2_stage.this.name == "$default" &&
    aws_apigatewayv2_stage.this.auto_deploy)
    error_message = "The default stage must deploy automatically, without a stage in the path."
  }

  assert {
    condition = {
      for route in aws_apigatewayv2_stage.this.route_settings :
      route.route_key => "${route.throttling_rate_limit} ${route.throttling_burst_limit} ${route.detailed_metrics_enabled}"
      } == {
      "POST /webhooks/github" = "100 200 true"
      "ANY /api/{proxy+}"     = "7 9 true"
    }
    error_message = "Every route must have its own limits and detailed metrics."
  }

  assert {
    condition = (aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 107 &&
      aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit == 209 &&
    aws_apigatewayv2_stage.this.default_route_settings[0].detailed_metrics_enabled)
    error_message = "The default limits must leave each route its share."
  }

  assert {
    condition = (aws_apigatewayv2_stage.this.access_log_settings[0].destination_arn == "arn:aws:logs:::log-group:mock" &&
      aws_cloudwatch_log_group.access.name == "/aws/apigateway/a" &&
    aws_cloudwatch_log_group.access.retention_in_days == 14)
    error_message = "The access log must have its log group and retention."
  }

  assert {
    condition = (keys(jsondecode(aws_apigatewayv2_stage.this.access_log_settings[0].format)) == [
      "address", "agent", "bytes", "error", "integration", "milliseconds", "requestId", "route", "status", "time",
    ] && !strcontains(aws_apigatewayv2_stage.this.access_log_settings[0].format, "authorizer"))
    error_message = "The access log must hold request and result, and no header."
  }

  assert {
    condition     = output.url == "https://api.invalid" && output.custom_domain_target == null && length(aws_apigatewayv2_domain_name.this) == 0
    error_message = "Without a custom domain the API must use the generated URL."
  }
}

run "custom_domain_maps_to_the_api" {
  command = apply

  module {
    source = "../modules/api"
  }

  variables {
    custom_domain = { name = "dispatcher.example.com", certificate_arn = "arn:aws:acm:::certificate/mock" }
  }

  override_resource {
    target = aws_apigatewayv2_domain_name.this
    values = { domain_name_configuration = { target_domain_name = "target.invalid" } }
  }

  assert {
    condition = (aws_apigatewayv2_domain_name.this[0].domain_name == "dispatcher.example.com" &&
      aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].certificate_arn == "arn:aws:acm:::certificate/mock" &&
      aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].endpoint_type == "REGIONAL" &&
    aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2")
    error_message = "The domain must have its certificate and require TLS 1.2."
  }

  assert {
    condition = (aws_apigatewayv2_api_mapping.this[0].domain_name == "dispatcher.example.com" &&
    aws_apigatewayv2_api_mapping.this[0].api_id == "api" && aws_apigatewayv2_api_mapping.this[0].stage == "$default")
    error_message = "The domain must map to the default stage of the API."
  }

  assert {
    condition     = output.url == "https://dispatcher.example.com" && output.custom_domain_target != null
    error_message = "The URL must be that of the domain, and its DNS target must be an output."
  }
}

mock_provider "aws" {
  source = "./mocks"
}

variables {
  github_app_id   = "1"
  github_app_slug = "our-app"
  images = {
    ingress  = "registry.invalid/dispatcher/ingress@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    planning = "registry.invalid/dispatcher/planning@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    dispatch = "registry.invalid/dispatcher/dispatch@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    facts    = "registry.invalid/dispatcher/facts@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    admin    = "registry.invalid/dispatcher/admin@sha256:5555555555555555555555555555555555555555555555555555555555555555"
  }
}

run "plan" {
  command = plan

  module {
    source = "../environments/dev"
  }
}

# scripts/terraform/check.ts compares the complete state of this run with the description.
run "apply" {
  command = apply

  module {
    source = "../environments/dev"
  }

  override_resource {
    target = module.dispatcher.module.queues["runs"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::runs", url = "https://sqs.invalid/runs" }
  }

  override_resource {
    target = module.dispatcher.module.queues["runs"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::runs-dead-letters", url = "https://sqs.invalid/runs-dead-letters" }
  }

  override_resource {
    target = module.dispatcher.module.queues["hints"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::hints", url = "https://sqs.invalid/hints" }
  }

  override_resource {
    target = module.dispatcher.module.queues["hints"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::hints-dead-letters", url = "https://sqs.invalid/hints-dead-letters" }
  }

  override_resource {
    target = module.dispatcher.module.queues["decisions"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::decisions", url = "https://sqs.invalid/decisions" }
  }

  override_resource {
    target = module.dispatcher.module.queues["decisions"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::decisions-dead-letters", url = "https://sqs.invalid/decisions-dead-letters" }
  }

  override_resource {
    target = module.dispatcher.module.queues["facts"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::facts", url = "https://sqs.invalid/facts" }
  }

  override_resource {
    target = module.dispatcher.module.queues["facts"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::facts-dead-letters", url = "https://sqs.invalid/facts-dead-letters" }
  }

  override_resource {
    target = module.dispatcher.module.functions["ingress"].aws_lambda_alias.live
    values = { arn = "arn:aws:lambda:::function:ingress", invoke_arn = "arn:aws:apigateway:::lambda/ingress" }
  }

  override_resource {
    target = module.dispatcher.module.functions["planning"].aws_lambda_alias.live
    values = { arn = "arn:aws:lambda:::function:planning", invoke_arn = "arn:aws:apigateway:::lambda/planning" }
  }

  override_resource {
    target = module.dispatcher.module.functions["dispatch"].aws_lambda_alias.live
    values = { arn = "arn:aws:lambda:::function:dispatch", invoke_arn = "arn:aws:apigateway:::lambda/dispatch" }
  }

  override_resource {
    target = module.dispatcher.module.functions["facts"].aws_lambda_alias.live
    values = { arn = "arn:aws:lambda:::function:facts", invoke_arn = "arn:aws:apigateway:::lambda/facts" }
  }

  override_resource {
    target = module.dispatcher.module.functions["admin"].aws_lambda_alias.live
    values = { arn = "arn:aws:lambda:::function:admin", invoke_arn = "arn:aws:apigateway:::lambda/admin" }
  }

  override_resource {
    target = module.dispatcher.module.api.aws_apigatewayv2_integration.this["ingress"]
    values = { id = "to-ingress" }
  }

  override_resource {
    target = module.dispatcher.module.api.aws_apigatewayv2_integration.this["planning"]
    values = { id = "to-planning" }
  }

  override_resource {
    target = module.dispatcher.module.api.aws_apigatewayv2_integration.this["admin"]
    values = { id = "to-admin" }
  }

  assert {
    condition     = output.webhook_url == "https://api.invalid/webhooks/github" && output.api_url == "https://api.invalid"
    error_message = "The URLs for the GitHub App and for `dispatcher doctor` must be outputs."
  }

  assert {
    condition     = tomap(output.images) == var.images
    error_message = "The deployed images must be an output, by digest: a rollback deploys them again."
  }

  assert {
    condition = output.secret_names == {
      webhook-secret          = "dispatcher-dev/webhook-secret"
      webhook-secret-previous = "dispatcher-dev/webhook-secret-previous"
      private-key             = "dispatcher-dev/private-key"
      admin-password          = "dispatcher-dev/admin-password"
      client-secret           = "dispatcher-dev/client-secret"
    }
    error_message = "The names of the secrets must be an output."
  }

  assert {
    condition     = output.doctor_variables == { GITHUB_APP_ID = "1", GITHUB_APP_SLUG = "our-app", ADMIN_BASIC_USER = "operator" }
    error_message = "What doctor needs to know must be an output."
  }

  assert {
    condition     = output.bus_name == "dispatcher-dev" && output.dashboard_name == "dispatcher-dev" && output.custom_domain_target == null
    error_message = "Resource names must begin with dispatcher-dev."
  }

  assert {
    condition     = output.table_names.state == "dispatcher-dev-state" && keys(output.queue_urls) == ["decisions", "decisions-dead-letters", "facts", "facts-dead-letters", "hints", "hints-dead-letters", "runs", "runs-dead-letters", "undelivered-events"]
    error_message = "Tables and queues must be outputs."
  }
}

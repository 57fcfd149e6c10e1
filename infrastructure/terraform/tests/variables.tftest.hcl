# What the module refuses. The settings of each run are valid but for the one that the run is named after, as the first
# run proves: it passes every setting with a valid value through an environment.

mock_provider "aws" {
  source = "./mocks"
}

variables {
  environment         = "test"
  deletion_protection = false
  github_app_id       = "1"
  github_app_slug     = "our-app"
  setting_names       = []
  settings            = { log_retention_days = 14, archive_days = 7 }
  images = {
    ingress  = "registry.invalid/dispatcher/ingress@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    planning = "registry.invalid/dispatcher/planning@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    dispatch = "registry.invalid/dispatcher/dispatch@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    facts    = "registry.invalid/dispatcher/facts@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    admin    = "registry.invalid/dispatcher/admin@sha256:5555555555555555555555555555555555555555555555555555555555555555"
  }
}

run "environment_passes_every_setting_to_the_module" {
  command = apply

  module {
    source = "../environments/dev"
  }

  variables {
    settings = {
      environment_variables = { LOG_LEVEL = "debug" }
      memory                = { ingress = 256 }
      reserved_concurrency  = { ingress = -1, admin = -1 }
      throttling            = { api = { rate = 10, burst = 20 } }
      log_retention_days    = 30
      archive_days          = 1
      admin_basic_user      = "somebody"
      admin_oidc            = { issuer = "https://id.example.com", audience = "dispatcher", operator_value = "operators" }
      table_names           = { state = "restored" }
      custom_domain         = { name = "a.example.com", certificate_arn = "arn:aws:acm:::certificate/mock" }
      alarm_topic_arn       = "arn:aws:sns:::operators"
      alarm_thresholds      = { fact_age_seconds = 60, silence_hours = 72 }
      runbooks_url          = "https://example.com/runbooks"
      secret_recovery_days  = 0
      cost_tags             = { team = "t" }
    }
  }

  override_resource {
    target = module.dispatcher.module.api.aws_apigatewayv2_domain_name.this
    values = { domain_name_configuration = { target_domain_name = "target.invalid" } }
  }

  assert {
    condition     = output.webhook_url == "https://a.example.com/webhooks/github" && output.table_names.state == "restored"
    error_message = "Settings must reach the module."
  }
}

run "environment_name_with_a_hyphen_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    environment = "my-dev"
  }

  expect_failures = [var.environment]
}

run "image_by_tag_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    images = { ingress = "r/ingress:1", planning = "r/planning:1", dispatch = "r/dispatch:1", facts = "r/facts:1", admin = "r/admin:1" }
  }

  expect_failures = [var.images]
}

run "client_id_instead_of_app_id_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    github_app_id = "Iv1.abc"
  }

  expect_failures = [var.github_app_id]
}

run "slug_with_bot_suffix_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    github_app_slug = "our-app[bot]"
  }

  expect_failures = [var.github_app_slug]
}

run "unknown_setting_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    setting_names = ["log_retention_day"]
  }

  expect_failures = [var.setting_names]
}

run "log_retention_that_cloudwatch_does_not_support_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 8, archive_days = 7 }
  }

  expect_failures = [var.settings]
}

run "log_retention_of_null_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = null, archive_days = 7 }
  }

  expect_failures = [var.settings]
}

run "unlimited_archive_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 0 }
  }

  expect_failures = [var.settings]
}

run "archive_days_of_null_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = null }
  }

  expect_failures = [var.settings]
}

run "memory_below_the_minimum_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, memory = { ingress = 64 } }
  }

  expect_failures = [var.settings]
}

run "reserved_concurrency_of_0_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, reserved_concurrency = { ingress = 0 } }
  }

  expect_failures = [var.settings]
}

run "burst_below_the_rate_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, throttling = { api = { rate = 100, burst = 10 } } }
  }

  expect_failures = [var.settings]
}

run "rate_below_one_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, throttling = { webhooks = { rate = 0, burst = 10 } } }
  }

  expect_failures = [var.settings]
}

run "throttling_of_a_route_that_does_not_exist_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, throttling = { webhook = { rate = 10, burst = 10 } } }
  }

  expect_failures = [var.settings]
}

run "environment_variable_that_no_function_reads_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, environment_variables = { MAX_TARGETS = "3" } }
  }

  expect_failures = [var.settings]
}

run "environment_variable_that_terraform_sets_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, environment_variables = { STATE_TABLE = "mine" } }
  }

  expect_failures = [var.settings]
}

run "basic_user_with_a_colon_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, admin_basic_user = "a:b" }
  }

  expect_failures = [var.settings]
}

run "oidc_issuer_without_tls_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, admin_oidc = { issuer = "http://id.example.com", audience = "dispatcher", operator_value = "operators" } }
  }

  expect_failures = [var.settings]
}

run "oidc_viewer_value_equal_to_operator_value_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, admin_oidc = { issuer = "https://id.example.com", audience = "dispatcher", operator_value = "staff", viewer_value = "staff" } }
  }

  expect_failures = [var.settings]
}

run "name_of_a_table_that_does_not_exist_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, table_names = { stats = "mine" } }
  }

  expect_failures = [var.settings]
}

run "custom_domain_with_a_scheme_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, custom_domain = { name = "https://a.example.com", certificate_arn = "arn:aws:acm:::certificate/mock" } }
  }

  expect_failures = [var.settings]
}

run "custom_domain_without_a_certificate_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, custom_domain = { name = "a.example.com", certificate_arn = "none" } }
  }

  expect_failures = [var.settings]
}

run "alarm_topic_that_is_not_an_arn_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, alarm_topic_arn = "operators" }
  }

  expect_failures = [var.settings]
}

run "alarm_threshold_of_0_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, alarm_thresholds = { fact_age_seconds = 0 } }
  }

  expect_failures = [var.settings]
}

run "cost_tag_environment_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, cost_tags = { environment = "x" } }
  }

  expect_failures = [var.settings]
}

run "alarm_email_that_is_no_address_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, alarm_emails = ["oncall"] }
  }

  expect_failures = [var.settings]
}

run "alarm_emails_with_a_topic_of_ones_own_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, alarm_emails = ["oncall@example.com"], alarm_topic_arn = "arn:aws:sns:::operators" }
  }

  expect_failures = [var.settings]
}

run "secret_recovery_of_one_day_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, secret_recovery_days = 1 }
  }

  expect_failures = [var.settings]
}

run "runbooks_url_with_a_trailing_slash_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, runbooks_url = "https://example.com/" }
  }

  expect_failures = [var.settings]
}

run "boundary_that_is_not_an_arn_is_rejected" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { log_retention_days = 14, archive_days = 7, permissions_boundary_arn = "boundary" }
  }

  expect_failures = [var.settings]
}

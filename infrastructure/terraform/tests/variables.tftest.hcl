# Of dev: both environments have the same variables.tf, which a test holds them to.

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

run "with_everything_set" {
  command = apply

  module {
    source = "../environments/dev"
  }

  variables {
    settings             = { LOG_LEVEL = "debug" }
    memory               = { ingress = 256 }
    reserved_concurrency = { ingress = -1, admin = -1 }
    throttling           = { rate = 10, burst = 20 }
    log_retention_days   = 30
    archive_days         = 1
    admin_basic_user     = "somebody"
    admin_oidc           = { issuer = "https://id.example.com", audience = "dispatcher", operator_value = "operators" }
    table_names          = { state = "restored" }
    custom_domain        = { name = "a.example.com", certificate_arn = "arn:aws:acm:::certificate/mock" }
    alarm_topic_arn      = "arn:aws:sns:::operators"
    alarm_thresholds     = { fact_age_seconds = 60 }
    cost_tags            = { team = "t" }
  }

  override_resource {
    target = module.dispatcher.module.api.aws_apigatewayv2_domain_name.this
    values = { domain_name_configuration = { target_domain_name = "target.invalid" } }
  }

  assert {
    condition     = output.webhook_url == "https://a.example.com/webhooks/github" && output.table_names.state == "restored"
    error_message = "What is set is used."
  }
}

run "an_image_by_tag_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    images = { ingress = "r/ingress:1", planning = "r/planning:1", dispatch = "r/dispatch:1", facts = "r/facts:1", admin = "r/admin:1" }
  }

  expect_failures = [var.images]
}

run "an_app_id_that_is_no_number_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    github_app_id = "Iv1.abc"
  }

  expect_failures = [var.github_app_id]
}

run "a_slug_with_bot_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    github_app_slug = "our-app[bot]"
  }

  expect_failures = [var.github_app_slug]
}

run "a_user_with_a_colon_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    admin_basic_user = "a:b"
  }

  expect_failures = [var.admin_basic_user]
}

run "a_provider_without_tls_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    admin_oidc = { issuer = "http://id.example.com", audience = "dispatcher", operator_value = "operators" }
  }

  expect_failures = [var.admin_oidc]
}

run "viewers_who_would_be_operators_are_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    admin_oidc = { issuer = "https://id.example.com", audience = "dispatcher", operator_value = "staff", viewer_value = "staff" }
  }

  expect_failures = [var.admin_oidc]
}

run "too_little_memory_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    memory = { ingress = 64 }
  }

  expect_failures = [var.memory]
}

run "a_concurrency_of_none_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    reserved_concurrency = { ingress = 0 }
  }

  expect_failures = [var.reserved_concurrency]
}

run "a_burst_below_the_rate_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    throttling = { rate = 100, burst = 10 }
  }

  expect_failures = [var.throttling]
}

run "a_log_retention_that_cloudwatch_does_not_have_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    log_retention_days = 8
  }

  expect_failures = [var.log_retention_days]
}

run "an_archive_for_ever_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    archive_days = 0
  }

  expect_failures = [var.archive_days]
}

run "a_domain_with_a_scheme_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    custom_domain = { name = "https://a.example.com", certificate_arn = "arn:aws:acm:::certificate/mock" }
  }

  expect_failures = [var.custom_domain]
}

run "a_domain_without_a_certificate_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    custom_domain = { name = "a.example.com", certificate_arn = "none" }
  }

  expect_failures = [var.custom_domain]
}

run "a_topic_that_is_none_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    alarm_topic_arn = "operators"
  }

  expect_failures = [var.alarm_topic_arn]
}

run "a_threshold_of_none_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    alarm_thresholds = { fact_age_seconds = 0 }
  }

  expect_failures = [var.alarm_thresholds]
}

run "a_tag_that_is_set_already_is_refused" {
  command = plan

  module {
    source = "../environments/dev"
  }

  variables {
    cost_tags = { environment = "x" }
  }

  expect_failures = [var.cost_tags]
}

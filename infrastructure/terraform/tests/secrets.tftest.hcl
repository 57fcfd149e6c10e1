mock_provider "aws" {
  source = "./mocks"
}

run "secrets_are_created_without_values" {
  command = apply

  module {
    source = "../modules/secrets"
  }

  variables {
    prefix               = "p"
    recovery_window_days = 7
    secrets              = { key = "What it is for." }
  }

  assert {
    condition = (aws_secretsmanager_secret.this["key"].name == "p/key" &&
      aws_secretsmanager_secret.this["key"].description == "What it is for." &&
    aws_secretsmanager_secret.this["key"].recovery_window_in_days == 7)
    error_message = "The secret must have its name, description and recovery window."
  }

  assert {
    condition     = output.names == { key = "p/key" } && output.arns == { key = "arn:aws:secretsmanager:::secret:mock" }
    error_message = "The outputs must use the short names."
  }
}

run "recovery_window_below_the_minimum_is_rejected" {
  command = plan

  module {
    source = "../modules/secrets"
  }

  variables {
    prefix               = "p"
    recovery_window_days = 1
    secrets              = {}
  }

  expect_failures = [var.recovery_window_days]
}

run "recovery_window_of_0_deletes_at_once" {
  command = plan

  module {
    source = "../modules/secrets"
  }

  variables {
    prefix               = "p"
    recovery_window_days = 0
    secrets              = { key = "What it is for." }
  }

  assert {
    condition     = aws_secretsmanager_secret.this["key"].recovery_window_in_days == 0
    error_message = "An environment that is destroyed and applied again must be able to reuse the names."
  }
}

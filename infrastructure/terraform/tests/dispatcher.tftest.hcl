mock_provider "aws" {
  source = "./mocks"
}

variables {
  name                 = "n"
  github_app_id        = "1"
  github_app_slug      = "our-app"
  admin_basic_user     = "operator"
  admin_oidc           = null
  settings             = { MAX_ATTEMPTS = "3", LOG_LEVEL = "warn" }
  memory               = { ingress = 512, planning = 1024, dispatch = 512, facts = 512, admin = 512 }
  reserved_concurrency = { ingress = 50, admin = 10 }
  throttling           = { rate = 100, burst = 200 }
  log_retention_days   = 14
  archive_days         = 7
  deletion_protection  = false
  table_names          = { projections = "restored" }
  custom_domain        = null
  alarm_topic_arn      = null
  alarm_thresholds     = {}
  images = {
    ingress  = "registry.invalid/dispatcher/ingress@sha256:1111111111111111111111111111111111111111111111111111111111111111"
    planning = "registry.invalid/dispatcher/planning@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    dispatch = "registry.invalid/dispatcher/dispatch@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    facts    = "registry.invalid/dispatcher/facts@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    admin    = "registry.invalid/dispatcher/admin@sha256:5555555555555555555555555555555555555555555555555555555555555555"
  }
}

run "each_function_may_do_what_it_does" {
  command = apply

  module {
    source = "../modules/dispatcher"
  }

  override_resource {
    target = module.queues["runs"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::runs", url = "https://sqs.invalid/runs" }
  }

  override_resource {
    target = module.queues["runs"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::runs-dead-letters", url = "https://sqs.invalid/runs-dead-letters" }
  }

  override_resource {
    target = module.queues["decisions"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::decisions", url = "https://sqs.invalid/decisions" }
  }

  override_resource {
    target = module.queues["decisions"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::decisions-dead-letters", url = "https://sqs.invalid/decisions-dead-letters" }
  }

  override_resource {
    target = module.queues["facts"].aws_sqs_queue.this
    values = { arn = "arn:aws:sqs:::facts", url = "https://sqs.invalid/facts" }
  }

  override_resource {
    target = module.queues["facts"].aws_sqs_queue.dead_letters
    values = { arn = "arn:aws:sqs:::facts-dead-letters", url = "https://sqs.invalid/facts-dead-letters" }
  }

  override_resource {
    target = module.bus.aws_sqs_queue.undelivered
    values = { arn = "arn:aws:sqs:::undelivered", url = "https://sqs.invalid/undelivered" }
  }

  override_resource {
    target = module.tables["state"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/state" }
  }

  override_resource {
    target = module.tables["facts"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/facts" }
  }

  override_resource {
    target = module.tables["projections"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/projections" }
  }

  override_resource {
    target = module.tables["access"].aws_dynamodb_table.this
    values = { arn = "arn:aws:dynamodb:::table/access" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["webhook-secret"]
    values = { arn = "arn:aws:secretsmanager:::secret:webhook-secret" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["webhook-secret-previous"]
    values = { arn = "arn:aws:secretsmanager:::secret:webhook-secret-previous" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["private-key"]
    values = { arn = "arn:aws:secretsmanager:::secret:private-key" }
  }

  override_resource {
    target = module.secrets.aws_secretsmanager_secret.this["admin-password"]
    values = { arn = "arn:aws:secretsmanager:::secret:admin-password" }
  }

  # Each line is one statement: what may be done to what. The log's statement is the function module's own.
  assert {
    condition = {
      for name, grants in output.grants : name => [
        for sid, grant in grants : "${sid}: ${join(" ", grant.actions)} on ${join(" ", [for arn in grant.resources : trimprefix(arn, "arn:aws:")])}"
      ]
      } == {
      ingress = [
        "ReadItsSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:webhook-secret secretsmanager:::secret:webhook-secret-previous",
        "StoreDeliveries: sqs:SendMessage on sqs:::runs",
      ]
      planning = [
        "GiveUpMessages: sqs:SendMessage on sqs:::runs-dead-letters",
        "Publish: events:PutEvents on events:::event-bus/mock",
        "ReadItsQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::runs",
        "ReadItsSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:private-key",
        "TableAccess: dynamodb:GetItem on dynamodb:::table/access",
        "TableState: dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/state",
      ]
      dispatch = [
        "GiveUpMessages: sqs:SendMessage on sqs:::decisions-dead-letters",
        "Publish: events:PutEvents on events:::event-bus/mock",
        "ReadItsQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::decisions",
        "ReadItsSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:private-key",
        "TableState: dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/state",
      ]
      facts = [
        "GiveUpMessages: sqs:SendMessage on sqs:::facts-dead-letters",
        "LookAtQueues: sqs:GetQueueAttributes on sqs:::decisions sqs:::decisions-dead-letters sqs:::facts sqs:::facts-dead-letters sqs:::runs sqs:::runs-dead-letters sqs:::undelivered",
        "Publish: events:PutEvents on events:::event-bus/mock",
        "ReadItsQueue: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::facts",
        "ReadUndelivered: sqs:ReceiveMessage sqs:ChangeMessageVisibility on sqs:::undelivered",
        "TableFacts: dynamodb:PutItem on dynamodb:::table/facts",
        "TableProjections: dynamodb:GetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem on dynamodb:::table/projections dynamodb:::table/projections/index/*",
        "TableState: dynamodb:UpdateItem on dynamodb:::table/state",
      ]
      admin = [
        "AskAgain: sqs:SendMessage on sqs:::runs",
        "Publish: events:PutEvents on events:::event-bus/mock",
        "ReadDeadLetters: sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes on sqs:::decisions-dead-letters sqs:::facts-dead-letters sqs:::runs-dead-letters sqs:::undelivered",
        "ReadItsSecrets: secretsmanager:GetSecretValue on secretsmanager:::secret:admin-password",
        "SendBack: sqs:SendMessage on sqs:::decisions sqs:::facts sqs:::runs",
        "TableAccess: dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem on dynamodb:::table/access",
        "TableFacts: dynamodb:Query on dynamodb:::table/facts dynamodb:::table/facts/index/*",
        "TableProjections: dynamodb:GetItem dynamodb:Query on dynamodb:::table/projections dynamodb:::table/projections/index/*",
      ]
    }
    error_message = "Each role may do what its function does, to what it does it to, and nothing else."
  }

  assert {
    condition = output.environments.ingress == {
      GITHUB_WEBHOOK_SECRET_ARN          = "arn:aws:secretsmanager:::secret:webhook-secret"
      GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN = "arn:aws:secretsmanager:::secret:webhook-secret-previous"
      LOG_LEVEL                          = "warn"
      RUNS_QUEUE_URL                     = "https://sqs.invalid/runs"
    }
    error_message = "Both webhook secrets are live."
  }

  assert {
    condition = (output.environments.planning["RUNS_DEAD_LETTER_QUEUE_URL"] == "https://sqs.invalid/runs-dead-letters" &&
      output.environments.planning["STATE_TABLE"] == "n-state" &&
      output.environments.planning["GITHUB_APP_ID"] == "1" &&
      output.environments.planning["GITHUB_APP_SLUG"] == "our-app" &&
      output.environments.planning["BUS_NAME"] == "n" &&
    output.environments.planning["GITHUB_APP_PRIVATE_KEY_ARN"] == "arn:aws:secretsmanager:::secret:private-key")
    error_message = "A function finds its queue, its table, its bus and the App."
  }

  assert {
    condition = (output.environments.admin["ADMIN_AUTHENTICATION"] == "basic" && output.environments.admin["ADMIN_BASIC_USER"] == "operator" &&
    output.environments.admin["ADMIN_BASIC_PASSWORD_ARN"] == "arn:aws:secretsmanager:::secret:admin-password")
    error_message = "The admin API asks for a password."
  }

  assert {
    condition = (length([for name in keys(output.environments.admin) : name if startswith(name, "OIDC_")]) == 0 &&
      output.environments.admin["ACCESS_TABLE"] == "n-access" &&
    output.environments.admin["RUNS_QUEUE_URL"] == "https://sqs.invalid/runs")
    error_message = "Where there is no provider, none is told; keys and the queue of runs are always found."
  }

  assert {
    condition     = output.environments.admin["PROJECTIONS_TABLE"] == "restored" && output.table_names.projections == "restored"
    error_message = "A table that was restored under another name is used."
  }

  assert {
    condition     = alltrue([for name in ["facts", "admin"] : output.environments[name]["UNDELIVERED_EVENTS_QUEUE_URL"] == "https://sqs.invalid/undelivered"])
    error_message = "The roll-up looks at the queue of undelivered events too, and the admin API redrives them."
  }

  assert {
    condition     = output.environments.facts["MAX_ATTEMPTS"] == "3" && !contains(keys(output.environments.ingress), "MAX_ATTEMPTS")
    error_message = "A setting reaches the functions that read it, and no other."
  }
}

run "with_a_provider_its_tokens_open_the_admin_api" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    admin_oidc = {
      issuer         = "https://id.example.com/"
      audience       = "dispatcher"
      operator_value = "operators"
      viewer_value   = null
      role_claim     = "realm_access.roles"
      name_claim     = null
    }
  }

  assert {
    condition = (output.environments.admin["ADMIN_AUTHENTICATION"] == "oidc" && {
      for name, value in output.environments.admin : name => value if startswith(name, "OIDC_")
      } == {
      OIDC_AUDIENCE       = "dispatcher"
      OIDC_ISSUER         = "https://id.example.com/"
      OIDC_OPERATOR_VALUE = "operators"
      OIDC_ROLE_CLAIM     = "realm_access.roles"
    })
    error_message = "The provider is told as it is written, and what is left out keeps its default."
  }

  assert {
    condition = (length([for name in keys(output.environments.admin) : name if startswith(name, "ADMIN_BASIC_")]) == 0 &&
    !contains(keys(output.grants.admin), "ReadItsSecrets"))
    error_message = "With a provider the admin function neither knows of the password nor may read it."
  }
}

run "a_setting_that_no_function_reads_is_refused" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { MAX_TARGETS = "3" }
  }

  expect_failures = [var.settings]
}

run "a_setting_that_terraform_sets_itself_is_refused" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    settings = { STATE_TABLE = "mine" }
  }

  expect_failures = [var.settings]
}

run "a_name_for_a_table_that_does_not_exist_is_refused" {
  command = plan

  module {
    source = "../modules/dispatcher"
  }

  variables {
    table_names = { stats = "mine" }
  }

  expect_failures = [var.table_names]
}

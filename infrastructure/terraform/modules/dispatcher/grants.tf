# What each function may do, and on what: the calls that its code makes and no other.

locals {
  read_queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]

  # By function and table, as DESIGN section 6 shares the tables out. The facts function counts attempts in `state`.
  table_actions = {
    ingress = {}
    planning = {
      access = ["dynamodb:GetItem"]
      state  = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
    }
    dispatch = {
      state = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
    }
    facts = {
      state       = ["dynamodb:UpdateItem"]
      facts       = ["dynamodb:PutItem"]
      projections = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    }
    admin = {
      access      = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      facts       = ["dynamodb:Query"]
      projections = ["dynamodb:GetItem", "dynamodb:Query"]
    }
  }

  secrets_read = {
    ingress  = ["webhook-secret", "webhook-secret-previous"]
    planning = ["private-key"]
    dispatch = ["private-key"]
    facts    = []
    admin    = var.admin_oidc == null ? ["admin-password"] : []
  }

  publishing = ["planning", "dispatch", "facts", "admin"]

  # One item of the list per kind of grant; a function without such a grant has no statement of it.
  grants = {
    for name in keys(local.functions) : name => merge(
      {
        for key, source in local.description.eventSources : "ReadItsQueue" => {
          actions   = local.read_queue
          resources = [module.queues[source.queue].arn]
        } if key == name
      },
      {
        for key, source in local.description.eventSources : "GiveUpMessages" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues[source.queue].dead_letters.arn]
        } if key == name
      },
      {
        for key in ["ingress"] : "StoreDeliveries" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues["runs"].arn]
        } if key == name
      },
      # An operator's redrive: from any dead-letter queue to the queue beside it, or from the undelivered events to the
      # queue that they were for.
      {
        for key in ["admin"] : "ReadDeadLetters" => {
          actions   = local.read_queue
          resources = concat([for queue in module.queues : queue.dead_letters.arn], [module.bus.undelivered.arn])
        } if key == name
      },
      {
        for key in ["admin"] : "SendBack" => {
          actions   = ["sqs:SendMessage"]
          resources = [for queue in module.queues : queue.arn]
        } if key == name
      },
      {
        for key in ["admin"] : "AskAgain" => {
          actions   = ["sqs:SendMessage"]
          resources = [module.queues["runs"].arn]
        } if key == name
      },
      {
        for key in local.publishing : "Publish" => {
          actions   = ["events:PutEvents"]
          resources = [module.bus.arn]
        } if key == name
      },
      {
        for key in ["facts"] : "LookAtQueues" => {
          actions = ["sqs:GetQueueAttributes"]
          resources = concat(
            flatten([for queue in module.queues : [queue.arn, queue.dead_letters.arn]]),
            [module.bus.undelivered.arn],
          )
        } if key == name
      },
      # It tells of them and leaves them there.
      {
        for key in ["facts"] : "ReadUndelivered" => {
          actions   = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]
          resources = [module.bus.undelivered.arn]
        } if key == name
      },
      {
        for table, actions in local.table_actions[name] : "Table${title(table)}" => {
          actions = actions
          resources = (contains(actions, "dynamodb:Query") ?
            [module.tables[table].arn, "${module.tables[table].arn}/index/*"] :
          [module.tables[table].arn])
        }
      },
      length(local.secrets_read[name]) == 0 ? {} : {
        ReadItsSecrets = {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [for secret in local.secrets_read[name] : module.secrets.arns[secret]]
        }
      },
    )
  }

  # Tables that a function is configured with and may not use, or the other way round: AWS would refuse it, late.
  table_disagreements = flatten([
    for name in keys(local.functions) : [
      for table in keys(local.description.tables) : "${name}: ${table}"
      if contains(local.required[name], "${upper(table)}_TABLE") != contains(keys(local.table_actions[name]), table)
    ]
  ])
}

mock_provider "aws" {
  source = "./mocks"
}

run "table_with_an_index" {
  command = apply

  module {
    source = "../modules/table"
  }

  variables {
    name                   = "t"
    billing                = "PAY_PER_REQUEST"
    hash                   = "pk"
    range                  = "sk"
    time_to_live           = "expiresAt"
    point_in_time_recovery = true
    deletion_protection    = true
    indexes                = [{ name = "by-route", hash = "routeId", range = "order", include = ["fact"] }]
  }

  assert {
    condition     = aws_dynamodb_table.this.name == "t" && aws_dynamodb_table.this.hash_key == "pk" && aws_dynamodb_table.this.range_key == "sk"
    error_message = "The table must have the given name and keys."
  }

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST"
    error_message = "The table must have the given billing mode."
  }

  assert {
    condition     = toset([for attribute in aws_dynamodb_table.this.attribute : "${attribute.name}:${attribute.type}"]) == toset(["pk:S", "sk:S", "routeId:S", "order:S"])
    error_message = "Exactly the key attributes must be declared, as strings."
  }

  assert {
    condition = [for index in aws_dynamodb_table.this.global_secondary_index : [
      index.name, index.hash_key, index.range_key, index.projection_type, join(",", index.non_key_attributes)
    ]] == [["by-route", "routeId", "order", "INCLUDE", "fact"]]
    error_message = "The index must have its keys and non-key attributes."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].enabled && aws_dynamodb_table.this.ttl[0].attribute_name == "expiresAt"
    error_message = "TTL must be enabled on the given attribute."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "Point-in-time recovery must be enabled."
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "Deletion protection must be enabled."
  }
}

run "table_without_a_sort_key" {
  command = plan

  module {
    source = "../modules/table"
  }

  variables {
    name                   = "t"
    billing                = "PAY_PER_REQUEST"
    hash                   = "pk"
    time_to_live           = "expiresAt"
    point_in_time_recovery = true
    deletion_protection    = false
    range                  = null
    indexes                = []
  }

  assert {
    condition     = aws_dynamodb_table.this.range_key == null && length(aws_dynamodb_table.this.attribute) == 1
    error_message = "Only the partition key must be declared."
  }

  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "Deletion protection must be off unless requested."
  }
}

locals {
  keys = distinct(compact(concat(
    [var.hash, var.range],
    flatten([for index in var.indexes : [index.hash, index.range]]),
  )))
}

resource "aws_dynamodb_table" "this" {
  name                        = var.name
  billing_mode                = var.billing
  hash_key                    = var.hash
  range_key                   = var.range
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = local.keys
    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = { for index in var.indexes : index.name => index }
    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash
      range_key          = global_secondary_index.value.range
      projection_type    = length(global_secondary_index.value.include) == 0 ? "KEYS_ONLY" : "INCLUDE"
      non_key_attributes = length(global_secondary_index.value.include) == 0 ? null : global_secondary_index.value.include
    }
  }

  ttl {
    enabled        = true
    attribute_name = var.time_to_live
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }
}

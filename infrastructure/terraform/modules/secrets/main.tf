# Created empty. The values are written by `npx --no-install dispatcher secrets`, so that none of them passes through
# Terraform: not through a variable, not through a plan file, not through the state.
resource "aws_secretsmanager_secret" "this" {
  for_each                = var.entries
  name                    = "${var.prefix}/${each.key}"
  description             = each.value
  recovery_window_in_days = var.recovery_days
}

-- Text tasks, each of a text of its own.
local number = 0
request = function()
  number = number + 1
  local body = string.format(
    '{"text_content":"The harbour was quiet in morning %d, and nobody spoke.","languages":["pt"],"source_language":"en","text_number":"%d"}',
    number, number % 1000)
  return wrk.format("POST", "/api/v1/tasks/text", { ["Content-Type"] = "application/json" }, body)
end

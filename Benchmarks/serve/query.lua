-- Translations by number, spread over all there are.
request = function()
  return wrk.format("GET", string.format("/api/v1/translations/pt/%d/TEXT", math.random(1, 1000)))
end

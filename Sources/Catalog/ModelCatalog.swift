package enum CatalogPlaceholder {}

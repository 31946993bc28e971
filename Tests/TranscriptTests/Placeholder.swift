import Testing

@Test func `nothing yet`() { #expect(true) }

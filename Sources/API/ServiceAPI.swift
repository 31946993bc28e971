import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Store

/// The HTTP door of the service: it stores, waits and asks, and runs no model.
package struct ServiceAPI: Sendable {
    private let settings: APISettings
    private let metrics: PrometheusMetrics
    private let log: Logger
    private let desk: Desk
    private let keyring: Keyring

    /// - Parameters:
    ///   - metrics: what is told at `/metrics` beside what the store knows; the one that swift-metrics was given.
    ///   - now: milliseconds since 1970, for limits and what is remembered for a moment.
    package init(
        storage: Storage, settings: APISettings, metrics: PrometheusMetrics = PrometheusMetrics(), log: Logger,
        machine: MachineLoadReader = MachineLoadReader(),
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) {
        self.settings = settings
        self.metrics = metrics
        self.log = log
        desk = Desk(
            storage: storage, settings: settings,
            reach: ReachBook(storage.workers, withinMs: settings.workerPresentMs, now: now),
            gate: Gate(storage: storage, settings: settings, machine: machine, now: now), now: now)
        keyring = Keyring(storage.keys, now: now)
    }

    package func router() -> Router<Visit> {
        let router = Router(context: Visit.self, options: .autoGenerateHeadEndpoints)
        let listed = ServiceAPI.routes(of: bare())
        router.add(middleware: Answers(metrics: metrics, routes: KnownRoutes(listed)))
        router.add(middleware: KeyField(keyring: keyring, settings: settings))
        router.add(middleware: Authentication(keyring: keyring, settings: settings))
        addRoutes(to: router)
        return router
    }

    /// Every route, as OpenAPI writes paths; HEAD goes wherever GET does and is not listed.
    package func routes() -> [(path: String, method: HTTPRequest.Method)] { ServiceAPI.routes(of: bare()) }

    /// The server, to be run in a group of services; it stops when the group does.
    ///
    /// - Parameter whenBound: called with the port once it listens.
    package func service(whenBound: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
        let limits = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: RequestLimits.headerBytesMax, maxHeaderListSize: RequestLimits.headersBytesMax,
            maxHeaderFieldCount: RequestLimits.headerCountMax)
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(settings.idleSeconds)), httpDecoderConfiguration: limits)),
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in await whenBound(channel.localAddress?.port ?? 0) }, logger: log)
    }

    private func bare() -> Router<Visit> {
        let router = Router(context: Visit.self)
        addRoutes(to: router)
        return router
    }

    private func addRoutes(to router: Router<Visit>) {
        let api = router.group("api/v1")
        SubmitRoutes(desk: desk).add(to: api)
        TaskRoutes(desk: desk).add(to: api)
        EventRoutes(desk: desk).add(to: api)
        DeliveryRoutes(desk: desk).add(to: api)
        DownloadRoutes(desk: desk).add(to: api)
        TranslationRoutes(desk: desk).add(to: api)
        EngineRoutes(desk: desk).add(to: api)
        EncodingRoutes(desk: desk).add(to: api)
        QueueRoutes(desk: desk).add(to: api)
        HealthRoutes(desk: desk).add(to: api)
        HealthRoutes(desk: desk).add(to: router)
        MetricsRoute(desk: desk, metrics: metrics).add(to: api)
        MetricsRoute(desk: desk, metrics: metrics).add(to: router)
        OpenAIRoutes(desk: desk).add(to: router.group("v1"))
        DeepLRoutes(desk: desk).add(to: router.group("v2"))
        LibreTranslateRoutes(desk: desk).add(to: router)
        Documentation().add(to: router)
    }

    private static func routes(of router: Router<Visit>) -> [(path: String, method: HTTPRequest.Method)] {
        router.routes.map { ("\($0.path)", $0.method) }
    }
}

import Foundation
import Testing

import Catalog


# filled by the packaging room: plugins, deid, weights, engine libraries

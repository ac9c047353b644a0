// SPDX-FileCopyrightText: The Freshet developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace httplib {
class Server;
}

namespace freshet::demo {

class ExportJobs;

/// The demo server's exports: `POST /api/export/request`, `GET /api/export/:id/status`, and the
/// signed addresses of the files, which answer ranges. `jobs` outlives the server.
void addExportRoutes(httplib::Server &server, ExportJobs &jobs);

} // namespace freshet::demo

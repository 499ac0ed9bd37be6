"""A full disk, a locked database, a server restarted: one sentence, nothing lost, work goes on."""




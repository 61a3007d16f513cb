truncate {landing};

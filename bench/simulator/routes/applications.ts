/** https://discord.com/developers/docs/resources/application */
import { formError } from "../api-error.ts";
import { applicationPayload } from "../application-payload.ts";
import { readForm } from "../form.ts";
import { type Context, ok, type Route } from "../route.ts";

export const applicationRoutes: readonly Route[] = [
  { method: "GET", path: "/applications/@me", auth: "bot", handle: own },
  { method: "GET", path: "/oauth2/applications/@me", auth: "bot", handle: own },
  {
    method: "PATCH",
    path: "/applications/@me",
    auth: "bot",
    async handle(context) {
      const { application } = context;
      const form = readForm(context.body);
      const description = form.string("description", { max: 400 });
      const url = form.string("interactions_endpoint_url", { max: 512 });
      if (url !== undefined && url !== "" && !/^https?:\/\//.test(url)) {
        form.fail("interactions_endpoint_url", "URL_TYPE_INVALID_URL", "Not a well formed URL.");
      }
      form.done();
      if (url && !(await context.services.interactions.verifyEndpoint(application, url))) {
        throw formError([
          {
            path: "interactions_endpoint_url",
            code: "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
            message: "The specified interactions endpoint url could not be verified.",
          },
        ]);
      }
      if (description !== undefined) application.description = description;
      if (form.has("interactions_endpoint_url")) application.interactionsEndpointUrl = url || null;
      return own(context);
    },
  },
];

function own(context: Context) {
  return ok(applicationPayload(context.services.world, context.application));
}
